DROP INDEX "dead_letter_parked";--> statement-breakpoint
DROP INDEX "dead_letter_history_group";--> statement-breakpoint
DROP INDEX "dead_letter_history_closed";--> statement-breakpoint
CREATE INDEX "dead_letter_parked" ON "dead_letter" USING btree ("parked_at" DESC NULLS FIRST,"id" DESC NULLS FIRST,"group_id");--> statement-breakpoint
CREATE INDEX "dead_letter_history_group" ON "dead_letter_history" USING btree ("group_id","parked_at" DESC NULLS FIRST,"id" DESC NULLS FIRST,"closed_as");--> statement-breakpoint
CREATE INDEX "dead_letter_history_closed" ON "dead_letter_history" USING btree ("closed_at" DESC NULLS FIRST,"id" DESC NULLS FIRST,"group_id","closed_as");