CREATE TABLE "group_route" (
	"route_id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "group_route_route_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"source_id" text NOT NULL,
	"from_id" bigint NOT NULL,
	"to_id" bigint NOT NULL,
	"rule" jsonb,
	"made_at" timestamptz NOT NULL,
	"made_by_name" text NOT NULL,
	"ended_at" timestamptz,
	"ended_by_name" text,
	"moved_n" bigint DEFAULT 0 NOT NULL,
	"settled_at" timestamptz
);
--> statement-breakpoint
ALTER TABLE "dead_letter" ADD COLUMN "home_id" bigint;--> statement-breakpoint
CREATE UNIQUE INDEX "group_route_merge" ON "group_route" USING btree ("from_id") WHERE rule is null and ended_at is null;--> statement-breakpoint
CREATE UNIQUE INDEX "group_route_rule" ON "group_route" USING btree ("from_id","rule") WHERE rule is not null and ended_at is null;--> statement-breakpoint
CREATE INDEX "group_route_from" ON "group_route" USING btree ("from_id");--> statement-breakpoint
CREATE INDEX "group_route_to" ON "group_route" USING btree ("to_id");--> statement-breakpoint
CREATE INDEX "group_route_unsettled" ON "group_route" USING btree ("route_id") WHERE settled_at is null;--> statement-breakpoint
CREATE INDEX "dead_letter_home" ON "dead_letter" USING btree ("home_id") WHERE home_id is not null;