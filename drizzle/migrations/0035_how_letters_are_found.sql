CREATE INDEX "dead_letter_since" ON "dead_letter" USING btree ("since");--> statement-breakpoint
CREATE INDEX "dead_letter_body_payload" ON "dead_letter_body" USING gin ("payload" jsonb_path_ops);--> statement-breakpoint
CREATE INDEX "dead_letter_history_closed" ON "dead_letter_history" USING btree ("closed_at" DESC NULLS FIRST,"id" DESC NULLS FIRST);