CREATE TABLE "meetings" (
	"id" text PRIMARY KEY NOT NULL,
	"title" text NOT NULL,
	"max_participants" integer NOT NULL,
	"host_token_hash" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"ended_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "stays" (
	"token_hash" text PRIMARY KEY NOT NULL,
	"meeting_id" text NOT NULL,
	"identity_hash" text NOT NULL,
	"person_id" text NOT NULL,
	"role" text NOT NULL,
	"name" text NOT NULL,
	"avatar" text NOT NULL,
	"seat" integer,
	"joined_at" timestamp (3) with time zone NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"ended_at" timestamp (3) with time zone,
	"end_reason" text
);
--> statement-breakpoint
ALTER TABLE "stays" ADD CONSTRAINT "stays_meeting_id_meetings_id_fk" FOREIGN KEY ("meeting_id") REFERENCES "public"."meetings"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "stays_one_a_seat" ON "stays" USING btree ("meeting_id","seat") WHERE "stays"."ended_at" is null;--> statement-breakpoint
CREATE UNIQUE INDEX "stays_one_an_identity" ON "stays" USING btree ("meeting_id","identity_hash") WHERE "stays"."ended_at" is null;--> statement-breakpoint
CREATE INDEX "stays_of_identity" ON "stays" USING btree ("meeting_id","identity_hash","joined_at");--> statement-breakpoint
CREATE INDEX "stays_expiring" ON "stays" USING btree ("expires_at") WHERE "stays"."ended_at" is null;