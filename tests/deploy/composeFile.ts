import { z } from 'zod';
import { readYaml } from './readYaml';

const texts = z.array(z.string());

/** What of the Compose specification these files use: anything else is a slip. */
const SERVICE = z.strictObject({
  image: z.string().optional(),
  build: z.strictObject({ context: z.string(), dockerfile: z.string(), target: z.string().optional() }).optional(),
  restart: z.literal('unless-stopped').optional(),
  profiles: texts.optional(),
  read_only: z.boolean().optional(),
  tmpfs: texts.optional(),
  cap_drop: texts.optional(),
  security_opt: texts.optional(),
  stop_grace_period: z
    .string()
    .regex(/^\d+[smh]$/)
    .optional(),
  ports: z.array(z.string().regex(/^(?:[\d.]+:)?\d+:\d+(?:\/udp|\/tcp)?$/)).optional(),
  // In quotes where they look like numbers: containers know only texts.
  environment: z.record(z.string(), z.string()).optional(),
  volumes: texts.optional(),
  healthcheck: z
    .strictObject({ test: texts, interval: z.string(), timeout: z.string(), retries: z.number() })
    .optional(),
  depends_on: z
    .union([texts, z.record(z.string(), z.strictObject({ condition: z.literal('service_healthy') }))])
    .optional(),
  networks: z.union([texts, z.record(z.string(), z.strictObject({ aliases: texts }))]).optional(),
});

const COMPOSE = z.strictObject({
  name: z.string().optional(),
  services: z.record(z.string(), SERVICE),
  networks: z.record(z.string(), z.strictObject({})).default({}),
  volumes: z.record(z.string(), z.strictObject({})),
});

export type Service = z.infer<typeof SERVICE>;

/** Reads a file of Docker Compose. @throws Error about what is not of its specification, as far as it is used here */
export function readCompose(source: string): z.infer<typeof COMPOSE> {
  return COMPOSE.parse(readYaml(source));
}

/** The services that have to start before this one. */
export function dependenciesOf({ depends_on: named = [] }: Service): readonly string[] {
  return Array.isArray(named) ? named : Object.keys(named);
}

/** Replaces the variables of compose by `values`, or by their defaults. */
export function filled(value: string, values: Readonly<Record<string, string>>): string {
  return value.replace(/\$\{([A-Z_]+)(?::-([^}]*))?(?::\?[^}]*)?\}/g, (_whole, name: string, byDefault?: string) => {
    return values[name] || (byDefault ?? '');
  });
}
