/** Types of tensorflow-official.mjs, for its test. */
export interface Tfjs {
  folder: string;
  version: string;
  napi: number;
}
export declare const official: {
  make(project: string, tfjs: Tfjs, entry: string): Promise<void>;
};
