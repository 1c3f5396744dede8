CREATE TABLE "history" (
	"step_s" integer NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"meetings" double precision,
	"participants" double precision,
	"spectators" double precision,
	"joins_ok" double precision,
	"joins_failed" double precision,
	"pose_age_ms" double precision,
	"pose_lost_share" double precision,
	"sent_bytes_per_second" double precision,
	"event_loop_lag_ms" double precision,
	"memory_bytes" double precision,
	"disk_free_bytes" double precision,
	"messages_queued" double precision,
	"recordings" double precision,
	CONSTRAINT "history_step_s_at_pk" PRIMARY KEY("step_s","at")
);
