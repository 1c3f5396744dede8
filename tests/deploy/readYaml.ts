import { parse, parseAllDocuments } from 'yaml';

/**
 * Reads YAML that every reader takes alike: what version 1.1 would read otherwise, such as a bare `yes`, is refused, as are keys that
 * come twice.
 * @throws Error that says where
 */
export function readYaml(source: string): unknown {
  const options = { strict: true, uniqueKeys: true } as const;
  const value: unknown = parse(source, { ...options, version: '1.2' });
  const older: unknown = parse(source, { ...options, version: '1.1' });
  if (JSON.stringify(value) !== JSON.stringify(older))
    throw new Error('Readers of YAML 1.1 would take this otherwise.');
  return value;
}

/** Reads each of the documents in `source`, which `---` parts. */
export function readYamlDocuments(source: string): unknown[] {
  const documents = parseAllDocuments(source, { strict: true, uniqueKeys: true });
  return Array.from(documents, (document) => readYaml(String(document)));
}
