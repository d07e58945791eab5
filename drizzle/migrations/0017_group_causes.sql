ALTER TABLE "dead_letter_group" ADD COLUMN "cause" text;--> statement-breakpoint
ALTER TABLE "dead_letter_group" ADD COLUMN "fingerprint_version" smallint DEFAULT 1 NOT NULL;