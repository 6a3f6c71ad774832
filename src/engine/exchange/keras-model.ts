/** Reads a trained model of Keras from a file: HDF5 (.h5), or an archive of Keras 3 (.keras). */
import { access, constants, open, stat } from "node:fs/promises";
import { EctopyError } from "../../contract/domain/errors.ts";
import { withSystemErrors } from "../../contract/domain/system-errors.ts";
import type { ImportedModel, ReadingOptions } from "./imported-model.ts";
import { readKerasArchive } from "./keras-archive.ts";
import { readLegacyH5 } from "./keras-h5-reader.ts";
import { UnknownModelError } from "./unknown-model-error.ts";

/** Limit of the file, which may include the optimizer's state (three times the weights). */
const MAX_FILE_BYTES = 2_000_000_000;
/** First bytes of a ZIP file. */
const ZIP_SIGNATURE = "PK\x03\x04";

/**
 * Reads a model. HDF5's library may never return for damaged files, so external files are read in a worker thread
 * (src/main/workers/untrusted-files.ts).
 * @throws EctopyError `not-found`, `no-access`; `damaged-file` for another format, `nothing-usable` for unsupported
 * layers or settings, `unsupported` for a file that is too large
 */
export async function readKerasModel(
  file: string,
  { alive = () => {}, windowLength }: ReadingOptions = {},
): Promise<ImportedModel> {
  const isArchive = await withSystemErrors(`the model ${file}`, () => checkFile(file));
  try {
    if (isArchive) return { model: await readKerasArchive(file, { alive, windowLength }), about: null };
    return await readLegacyH5(file, { alive, windowLength });
  } catch (cause) {
    if (!(cause instanceof UnknownModelError)) throw notKeras(file, cause);
    const fix = "Choose a model of layers that Ectopy has, which ends in a dense layer with softmax.";
    throw new EctopyError("nothing-usable", `The model in ${file} can't be used here. ${cause.message}`, fix, {
      cause,
    });
  }
}

/**
 * Returns whether the file is a ZIP archive. HDF5's library does not say why it can't open a file. A pipe or a device
 * could be read for ever.
 */
async function checkFile(file: string): Promise<boolean> {
  await access(file, constants.R_OK);
  const stats = await stat(file);
  if (!stats.isFile()) throw notKeras(file, undefined);
  if (stats.size > MAX_FILE_BYTES) {
    throw new EctopyError(
      "unsupported",
      `${file} is too large for a model: it has ${stats.size} bytes; ${MAX_FILE_BYTES} is the limit.`,
      "Save the model without its optimizer's state.",
    );
  }
  const handle = await open(file);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(ZIP_SIGNATURE.length), 0, ZIP_SIGNATURE.length, 0);
    return bytesRead === ZIP_SIGNATURE.length && buffer.toString("latin1") === ZIP_SIGNATURE;
  } finally {
    await handle.close();
  }
}

function notKeras(file: string, cause: unknown): EctopyError {
  return new EctopyError(
    "damaged-file",
    `${file} is not a model that Keras or Ectopy saved (.h5, .keras).`,
    "Export it again, or save it in Keras by model.save('model.keras').",
    { cause },
  );
}
