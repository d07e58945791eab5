DROP INDEX "unresolved_business_key";--> statement-breakpoint
CREATE INDEX "audit_entry_by_actor" ON "audit_entry" USING btree ("actor_name","at" DESC NULLS FIRST,"id" DESC NULLS FIRST);--> statement-breakpoint
CREATE INDEX "audit_entry_by_action" ON "audit_entry" USING btree ("action","at" DESC NULLS FIRST,"id" DESC NULLS FIRST);--> statement-breakpoint
CREATE INDEX "audit_entry_not_done" ON "audit_entry" USING btree ("result","at" DESC NULLS FIRST,"id" DESC NULLS FIRST) WHERE result <> 'done';--> statement-breakpoint
CREATE INDEX "dead_letter_body_correlation" ON "dead_letter_body" USING hash ("correlation_id");--> statement-breakpoint
CREATE INDEX "dead_letter_history_message" ON "dead_letter_history" USING btree ("message_id");--> statement-breakpoint
CREATE INDEX "dead_letter_history_correlation" ON "dead_letter_history" USING hash ((body ->> 'correlation_id'));--> statement-breakpoint
CREATE INDEX "saga_business_key" ON "saga" USING btree ("business_key" text_pattern_ops);--> statement-breakpoint
CREATE INDEX "saga_correlation" ON "saga" USING hash ("correlation_id");--> statement-breakpoint
CREATE INDEX "unresolved_business_key" ON "unresolved" USING btree ("business_key" text_pattern_ops);