// Permissions Policy (WebAuthn L3 5.9): whether this document may create or use public key credentials.

/** Chromium calls it `featurePolicy`; Safari and Firefox tell scripts nothing, and then all is allowed. */
interface PolicyTeller {
  features(): string[];
  allowsFeature(feature: string): boolean;
}

/** False only where the browser knows the feature and says that it is not allowed. */
export function permitted(kind: 'create' | 'get', document: object): boolean {
  const { permissionsPolicy, featurePolicy } = document as Record<string, PolicyTeller | undefined>;
  const policy = permissionsPolicy ?? featurePolicy;
  const feature = `publickey-credentials-${kind}`;
  return !policy?.features().includes(feature) || policy.allowsFeature(feature);
}
