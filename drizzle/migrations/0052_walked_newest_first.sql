DROP INDEX "alert_cleared";--> statement-breakpoint
DROP INDEX "alert_over";--> statement-breakpoint
DROP INDEX "notification_waiting";--> statement-breakpoint
DROP INDEX "notification_attempted";--> statement-breakpoint
DROP INDEX "notification_listed";--> statement-breakpoint
CREATE INDEX "alert_cleared" ON "alert" USING btree ("zone_id","condition","cause","cleared_at" DESC NULLS FIRST) WHERE state = 'cleared';--> statement-breakpoint
CREATE INDEX "alert_over" ON "alert" USING btree ("cleared_at" DESC NULLS FIRST,"alert_id" DESC NULLS FIRST) WHERE state = 'cleared';--> statement-breakpoint
CREATE INDEX "notification_waiting" ON "notification" USING btree ("channel","urgent" DESC NULLS FIRST,"created_at") WHERE state = 'waiting';--> statement-breakpoint
CREATE INDEX "notification_attempted" ON "notification" USING btree ("channel","attempted_at" DESC NULLS FIRST) WHERE attempted_at is not null;--> statement-breakpoint
CREATE INDEX "notification_listed" ON "notification" USING btree ("created_at" DESC NULLS FIRST,"notification_id");