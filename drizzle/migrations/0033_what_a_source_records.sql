ALTER TABLE "source" ADD COLUMN "abilities" jsonb;--> statement-breakpoint
ALTER TABLE "source_status" ADD COLUMN "variant" text;--> statement-breakpoint
ALTER TABLE "source_status" ADD COLUMN "notes" text[] DEFAULT '{}' NOT NULL;