import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { readEnv } from '@/server/env';
import { readYaml, readYamlDocuments } from './readYaml';

const FOLDER = join(process.cwd(), 'deploy/kubernetes');
const read = (name: string) => readFileSync(join(FOLDER, name), 'utf8');

const labels = z.record(z.string(), z.string());
const metadata = z.strictObject({ name: z.string(), labels: labels.optional(), annotations: labels.optional() });
const port = z.union([z.string(), z.number().int()]);
const probe = z.strictObject({
  httpGet: z.strictObject({ path: z.string(), port }),
  periodSeconds: z.number().int(),
  timeoutSeconds: z.number().int().optional(),
  failureThreshold: z.number().int().optional(),
});

/** Kubernetes' own schemas, as far as these manifests use them: anything else is a slip. */
const CONTAINER = z.strictObject({
  name: z.string(),
  image: z.string().regex(/:\d/),
  ports: z.array(
    z.strictObject({
      name: z.string().max(15),
      containerPort: z.number().int(),
      hostPort: z.number().int().optional(),
      protocol: z.enum(['TCP', 'UDP']).optional(),
    }),
  ),
  env: z.array(
    z.union([
      z.strictObject({ name: z.string(), value: z.string() }),
      z.strictObject({
        name: z.string(),
        valueFrom: z.strictObject({ fieldRef: z.strictObject({ fieldPath: z.string() }) }),
      }),
    ]),
  ),
  envFrom: z.array(z.strictObject({ secretRef: z.strictObject({ name: z.string() }) })),
  startupProbe: probe,
  livenessProbe: probe,
  readinessProbe: probe,
  resources: z.strictObject({ requests: labels, limits: labels }),
  securityContext: z.strictObject({
    allowPrivilegeEscalation: z.literal(false),
    readOnlyRootFilesystem: z.literal(true),
    capabilities: z.strictObject({ drop: z.tuple([z.literal('ALL')]) }),
  }),
  volumeMounts: z.array(z.strictObject({ name: z.string(), mountPath: z.string() })),
});
const DEPLOYMENT = z.strictObject({
  apiVersion: z.literal('apps/v1'),
  kind: z.literal('Deployment'),
  metadata,
  spec: z.strictObject({
    replicas: z.number().int(),
    strategy: z.strictObject({ type: z.literal('Recreate') }),
    selector: z.strictObject({ matchLabels: labels }),
    template: z.strictObject({
      metadata: metadata.partial(),
      spec: z.strictObject({
        automountServiceAccountToken: z.literal(false),
        terminationGracePeriodSeconds: z.number().int(),
        securityContext: z.strictObject({
          runAsNonRoot: z.literal(true),
          runAsUser: z.number().int(),
          runAsGroup: z.number().int(),
          fsGroup: z.number().int(),
          seccompProfile: z.strictObject({ type: z.literal('RuntimeDefault') }),
        }),
        containers: z.tuple([CONTAINER]),
        volumes: z.array(
          z.union([
            z.strictObject({ name: z.string(), persistentVolumeClaim: z.strictObject({ claimName: z.string() }) }),
            z.strictObject({ name: z.string(), emptyDir: z.strictObject({ sizeLimit: z.string() }) }),
          ]),
        ),
      }),
    }),
  }),
});
const CLAIM = z.strictObject({
  apiVersion: z.literal('v1'),
  kind: z.literal('PersistentVolumeClaim'),
  metadata,
  spec: z.strictObject({
    accessModes: z.tuple([z.literal('ReadWriteOnce')]),
    resources: z.strictObject({ requests: z.strictObject({ storage: z.string() }) }),
  }),
});
const SERVICE = z.strictObject({
  apiVersion: z.literal('v1'),
  kind: z.literal('Service'),
  metadata,
  spec: z.strictObject({
    selector: labels,
    publishNotReadyAddresses: z.literal(true),
    ports: z.array(z.strictObject({ name: z.string(), port: z.number().int(), targetPort: port })),
  }),
});
const INGRESS = z.strictObject({
  apiVersion: z.literal('networking.k8s.io/v1'),
  kind: z.literal('Ingress'),
  metadata,
  spec: z.strictObject({
    tls: z.array(z.strictObject({ hosts: z.array(z.string()), secretName: z.string() })),
    rules: z.array(
      z.strictObject({
        host: z.string(),
        http: z.strictObject({
          paths: z.array(
            z.strictObject({
              path: z.literal('/'),
              pathType: z.literal('Prefix'),
              backend: z.strictObject({
                service: z.strictObject({ name: z.string(), port: z.strictObject({ name: z.string() }) }),
              }),
            }),
          ),
        }),
      }),
    ),
  }),
});

const [claim, deployment, service, ingress] = z
  .tuple([CLAIM, DEPLOYMENT, SERVICE, INGRESS])
  .parse(readYamlDocuments(read('parley.yaml')));
const pod = deployment.spec.template;
const [container] = pod.spec.containers;
const secret = readYaml(read('secret.example.yaml')) as {
  readonly metadata: { readonly name: string };
  readonly stringData: Readonly<Record<string, string>>;
};

describe('Parley in Kubernetes', () => {
  it('the manifests find each other', () => {
    expect(deployment.spec.selector.matchLabels).toEqual(pod.metadata.labels);
    expect(service.spec.selector).toEqual(pod.metadata.labels);
    const ports = container.ports.map(({ name }) => name);
    for (const { targetPort } of service.spec.ports) expect(ports).toContain(targetPort);
    const { backend } = ingress.spec.rules[0]!.http.paths[0]!;
    expect(backend.service.name).toBe(service.metadata.name);
    expect(service.spec.ports.map(({ name }) => name)).toContain(backend.service.port.name);
    expect(container.envFrom).toEqual([{ secretRef: { name: secret.metadata.name } }]);
    expect(pod.spec.volumes).toContainEqual({
      name: 'data',
      persistentVolumeClaim: { claimName: claim.metadata.name },
    });
    expect(container.volumeMounts.map(({ name }) => name)).toEqual(pod.spec.volumes.map(({ name }) => name));
  });

  it('Parley accepts the settings of its pod', () => {
    const given = container.env.map((each) => [each.name, 'value' in each ? each.value : '192.0.2.1']);
    const settings: Record<string, string> = { ...Object.fromEntries(given), ...secret.stringData };
    const known = readFileSync('docs/settings.md', 'utf8');
    for (const name of Object.keys(settings)) expect(known).toContain(`\`${name}\``);
    const env = readEnv(settings);
    expect(env).toMatchObject({ publicUrl: `https://${ingress.spec.rules[0]!.host}`, proxyHops: 1 });
    const portOf = (name: string) => container.ports.find((each) => each.name === name)?.containerPort;
    expect(env.port).toBe(portOf('http'));
    expect(env.metricsPort).toBe(portOf('metrics'));
    expect(env.hub.mediaPort).toBe(portOf('media-udp'));
    expect(env.hub.mediaPort).toBe(portOf('media-tcp'));
    expect(pod.metadata.annotations?.['prometheus.io/port']).toBe(String(env.metricsPort));
    expect(env.dataDir.startsWith(container.volumeMounts[0]!.mountPath)).toBe(true);
    expect(pod.spec.terminationGracePeriodSeconds * 1000).toBeGreaterThan(env.drainMs);
  });

  it('one process has the embedded hub, and is asked whether it lives and whether it is ready', () => {
    expect(deployment.spec.replicas).toBe(1);
    expect(container.livenessProbe.httpGet.path).toBe('/healthz');
    expect(container.readinessProbe.httpGet.path).toBe('/readyz');
  });
});
