CREATE TABLE "operation_edit" (
	"operation_id" bigint PRIMARY KEY NOT NULL,
	"patch" text NOT NULL
);
