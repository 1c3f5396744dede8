ALTER TABLE "stays" ADD COLUMN "endpoint_id" text;--> statement-breakpoint
ALTER TABLE "stays" ADD COLUMN "endpoint_nonce" text;