/** One media type of an `Accept` header, with its quality. */
interface Offer {
  readonly type: string;
  readonly weight: number;
}

const openMetricsType = 'application/openmetrics-text';
const plainTypes: readonly string[] = ['text/plain', 'text/*', '*/*'];

/** Whether a client with this `Accept` header prefers OpenMetrics to Prometheus' older text. */
export function prefersOpenMetrics(accept: string | undefined): boolean {
  const offers = (accept ?? '').split(',').map(offerOf);
  const weightOf = (types: readonly string[]): number => {
    const weights = types.map((type) => offers.find((offer) => offer.type === type)?.weight);
    return weights.find((weight) => weight !== undefined) ?? 0;
  };
  const weight = weightOf([openMetricsType]);
  return weight > 0 && weight >= weightOf(plainTypes);
}

function offerOf(part: string): Offer {
  const [type = '', ...parameters] = part.split(';').map((each) => each.trim().toLowerCase());
  const quality = parameters.find((parameter) => parameter.startsWith('q='));
  const weight = quality === undefined ? 1 : Number(quality.slice(2));
  return { type, weight: Number.isFinite(weight) ? weight : 0 };
}
