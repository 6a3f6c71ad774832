/**
 * The folder of a model for MLflow: `MLmodel` with the flavours tensorflow (Keras, saved as HDF5) and python_function,
 * and the required Python packages, as `save_model` in mlflow/tensorflow/__init__.py writes it.
 */
import type { ModelCard } from "../../../../contract/domain/exports.ts";
import { yamlText } from "./yaml.ts";

export const MODEL_FOLDER = "model";
const PYTHON = "3.11";
/** Oldest versions with a separate `keras`, which brings h5py. */
const PACKAGES = ["mlflow", "tensorflow>=2.16", "keras>=3"];

export const flavors = {
  python_function: {
    data: "data",
    env: { conda: "conda.yaml", virtualenv: "python_env.yaml" },
    loader_module: "mlflow.tensorflow",
    python_version: PYTHON,
  },
  tensorflow: { code: null, data: "data", keras_version: "3", model_type: "keras", save_format: "h5" },
};

/** Returns float32 tensors with one row for each beat, as JSON. @param tensors shapes without the beats */
export function tensorSchema(...tensors: { name?: string; shape: readonly number[] }[]): string {
  return JSON.stringify(
    tensors.map(({ name, shape }) => ({
      ...(name === undefined ? {} : { name }),
      type: "tensor",
      "tensor-spec": { dtype: "float32", shape: [-1, ...shape] },
    })),
  );
}

/** Formats a time for MLflow: `2026-01-31 12:00:00.000000`, UTC. @param time in ms since 1970 */
export function mlflowTime(time: number): string {
  return new Date(time).toISOString().replace("T", " ").replace("Z", "000");
}

/**
 * Returns the text files of the folder, by path; `data/model.h5` is written separately.
 * @param created in ms since 1970
 */
export function modelTexts(card: ModelCard, created: number): Record<string, string> {
  const description = {
    artifact_path: MODEL_FOLDER,
    flavors,
    metadata: { classes: card.classes.map(({ label }) => label), notice: card.notice },
    model_uuid: card.run.identity,
    signature: {
      inputs: tensorSchema(...(card.inputs?.map(({ id, shape }) => ({ name: id, shape })) ?? [card.input])),
      outputs: tensorSchema({ shape: [card.classes.length] }),
      params: null,
    },
    utc_time_created: mlflowTime(created),
  };
  const conda = {
    name: "mlflow-env",
    channels: ["conda-forge"],
    dependencies: [`python=${PYTHON}`, "pip", { pip: PACKAGES }],
  };
  const environment = {
    python: PYTHON,
    build_dependencies: ["pip", "setuptools", "wheel"],
    dependencies: ["-r requirements.txt"],
  };
  return {
    MLmodel: yamlText(description),
    "conda.yaml": yamlText(conda),
    "python_env.yaml": yamlText(environment),
    "requirements.txt": `${PACKAGES.join("\n")}\n`,
    "data/keras_module.txt": "keras",
    "data/save_format.txt": "h5",
  };
}
