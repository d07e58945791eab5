ALTER TABLE "operator" ADD COLUMN "password_once" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "session" ADD COLUMN "how" text;--> statement-breakpoint
ALTER TABLE "session" ADD CONSTRAINT "session_how" CHECK ("session"."how" in ('password', 'openid_connect'));