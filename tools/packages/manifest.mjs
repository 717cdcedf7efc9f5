/** What a manifest must say before its package can be published. `repository` joins them once there is a public one. */
const wanted = [
  'name',
  'version',
  'description',
  'license',
  'keywords',
  'type',
  'sideEffects',
  'engines',
  'exports',
  'files',
];

/** The fields that a manifest lacks, or leaves empty. */
export function missingFields(manifest) {
  return wanted.filter((field) => {
    const value = manifest[field];
    if (value === undefined || value === '') return true;
    return typeof value === 'object' && Object.keys(value).length === 0;
  });
}
