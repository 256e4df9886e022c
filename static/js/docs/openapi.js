const METHODS = ['get', 'post', 'put', 'patch', 'delete'];

/** Every operation of an OpenAPI document under its first tag, in the document's order. */
export function groupByTag(spec) {
  const groups = new Map();
  for (const [path, item] of Object.entries(spec.paths ?? {})) {
    for (const method of METHODS) {
      if (!item[method]) continue;
      const operation = { ...item[method], method, path, id: `${method}-${path.replace(/[^a-z0-9]+/gi, '-')}`.replace(/-$/, '') };
      operation.parameters = [...(item.parameters ?? []), ...(item[method].parameters ?? [])].map((parameter) => resolve(spec, parameter));
      const tag = operation.tags?.[0] ?? 'Other';
      groups.set(tag, [...(groups.get(tag) ?? []), operation]);
    }
  }
  return [...groups].map(([tag, operations]) => ({ tag, operations }));
}

/** Follow a `$ref` inside the document. */
export function resolve(spec, node) {
  if (!node?.$ref) return node;
  const path = node.$ref.replace(/^#\//, '').split('/').map((part) => part.replace(/~1/g, '/').replace(/~0/g, '~'));
  return resolve(spec, path.reduce((at, part) => at?.[part], spec));
}

/** The type of a schema in a few words: "string (uuid)", "one of: a, b", "list of Session", "integer or null". */
export function typeWords(spec, schema) {
  if (!schema) return 'any';
  if (schema.$ref) return schema.$ref.split('/').at(-1);
  if (schema.enum) return `one of: ${schema.enum.join(', ')}`;
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices) return [...new Set(choices.map((choice) => typeWords(spec, choice)))].join(' or ');
  if (schema.allOf) return typeWords(spec, schema.allOf[0]);
  if (schema.type === 'array') return `list of ${typeWords(spec, schema.items)}`;
  if (Array.isArray(schema.type)) return schema.type.join(' or ');
  return schema.format ? `${schema.type} (${schema.format})` : (schema.type ?? 'any');
}

/** The fields of an object schema: [{name, type, required, description, limits}]. */
export function fields(spec, schema) {
  const object = resolve(spec, schema) ?? {};
  const parts = [object, ...(object.allOf ?? []).map((part) => resolve(spec, part))];
  return parts.flatMap((part) => Object.entries(part.properties ?? {}).map(([name, field]) => ({
    name,
    type: typeWords(spec, field),
    required: part.required?.includes(name) ?? false,
    description: field.description ?? resolve(spec, field)?.description ?? '',
    limits: limits(resolve(spec, field) ?? {}),
  })));
}

export function limits(schema) {
  const source = [schema, ...(schema.anyOf ?? [])].find((one) => one.maxLength ?? one.maximum ?? one.maxItems ?? one.minimum) ?? {};
  return [
    source.maxLength && `up to ${source.maxLength.toLocaleString('en')} characters`,
    source.minimum !== undefined && source.maximum !== undefined && `${source.minimum} to ${source.maximum}`,
    source.maxItems && `up to ${source.maxItems} items`,
    schema.default !== undefined && schema.default !== null && schema.default !== '' && `default ${JSON.stringify(schema.default)}`,
  ].filter(Boolean).join(', ');
}

/** A curl command with the required fields. */
export function curlExample(spec, operation, origin) {
  const lines = [`curl ${operation.method === 'get' ? '' : `-X ${operation.method.toUpperCase()} `}'${origin}${operation.path}' \\`, `  -H "Authorization: Bearer $TOKEN"`];
  const [type, media] = Object.entries(resolve(spec, operation.requestBody)?.content ?? {})[0] ?? [];
  if (type) {
    lines[1] += ' \\';
    const needed = fields(spec, media.schema).filter((field) => field.required);
    const body = type === 'application/json' ? `-d '${JSON.stringify(Object.fromEntries(needed.map((field) => [field.name, '…'])))}'` : "--data-binary '@file'";
    lines.push(`  -H 'Content-Type: ${type}' \\`, `  ${body}`);
  }
  return lines.join('\n');
}
