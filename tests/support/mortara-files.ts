/** Makes XML files in the form of Mortara's ELI electrocardiographs. */
/** A channel; `data` replaces the encoded samples. */
export interface ChannelFields {
  name: string;
  samples: readonly number[];
  offset?: number;
  bits?: number;
  rate?: number;
  data?: string;
}

export function makeMortara(channels: readonly ChannelFields[]): Buffer {
  const lines = channels.map(({ name, samples, offset = 0, bits = 16, rate = 500, data }) => {
    const encoded = data ?? Buffer.from(Int16Array.from(samples).buffer).toString("base64");
    return (
      `<CHANNEL OFFSET="${offset}" BITS="${bits}" FORMAT="SIGNED" UNITS_PER_MV="400" DURATION="${samples.length}" ` +
      `SAMPLE_FREQ="${rate}" NAME="${name}" ENCODING="BASE64" DATA="${encoded}"/>`
    );
  });
  return Buffer.from(
    `<?xml version="1.0"?>\n<ECG ACQUISITION_TIME="20131003113637" AGE="50" AGE_UNITS="Y"><SOURCE TYPE="ELI"/>` +
      `<SUBJECT ID="S-1" LAST_NAME="Doe" FIRST_NAME="Jo" DOB="19630102" GENDER="Female"/>${lines.join("\n")}</ECG>\n`,
  );
}
