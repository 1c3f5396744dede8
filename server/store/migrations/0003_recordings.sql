CREATE TABLE "recordings" (
	"id" text PRIMARY KEY NOT NULL,
	"meeting_id" text NOT NULL,
	"title" text NOT NULL,
	"host_token_hash" text NOT NULL,
	"consent" text NOT NULL,
	"state" text NOT NULL,
	"started_at" timestamp (3) with time zone NOT NULL,
	"stopped_at" timestamp (3) with time zone,
	"duration_ms" bigint NOT NULL,
	"size_bytes" bigint NOT NULL,
	"failure" text,
	"is_discarded" boolean DEFAULT false NOT NULL
);
--> statement-breakpoint
ALTER TABLE "meetings" ADD COLUMN "recording_start" text DEFAULT 'byHost' NOT NULL;--> statement-breakpoint
ALTER TABLE "meetings" ADD COLUMN "recording_consent" text DEFAULT 'tell' NOT NULL;--> statement-breakpoint
ALTER TABLE "stays" ADD COLUMN "agrees_to_recording" boolean;--> statement-breakpoint
CREATE UNIQUE INDEX "recordings_one_running" ON "recordings" USING btree ("meeting_id") WHERE "recordings"."state" = 'recording' and not "recordings"."is_discarded";--> statement-breakpoint
CREATE INDEX "recordings_of_host" ON "recordings" USING btree ("meeting_id","host_token_hash","started_at");