ALTER TABLE "deploy" ADD COLUMN "told_by" uuid;--> statement-breakpoint
ALTER TABLE "deploy" ADD COLUMN "request_key" text;--> statement-breakpoint
CREATE UNIQUE INDEX "deploy_request_key" ON "deploy" USING btree ("told_by","request_key","source_id","consumer") WHERE told_by is not null;