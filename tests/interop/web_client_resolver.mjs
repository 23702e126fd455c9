const CLIENT = new URL('../../web_client/package.json', import.meta.url).href;
const HERE = new URL('./', import.meta.url).href;

export function resolve(specifier, context, next) {
  const isPackage = !/^(\.|\/|[a-z]+:)/.test(specifier);
  return next(specifier, isPackage && context.parentURL?.startsWith(HERE) ? { ...context, parentURL: CLIENT } : context);
}
