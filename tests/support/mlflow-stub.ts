/**
 * Stand-in for an MLflow server, in memory: it answers the calls that an export makes, and fails on request. It stores
 * points as MLflow's files do: a point that is sent twice is stored twice. Real MLflow is tested in
 * tests/interop/mlflow.test.ts.
 */
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";

interface Text {
  key: string;
  value: string;
}

interface Point {
  key: string;
  value: number | string;
  timestamp: number;
  step: number;
}

export interface StubRun {
  id: string;
  status: string;
  endTime: number | null;
  tags: Map<string, string>;
  params: Map<string, string>;
  points: Point[];
  datasets: { digest: string }[];
}

export interface StubAnswer {
  status: number;
  body?: string | object;
}

/**
 * What happens to a call instead of an answer. `drop`: the connection ends, before the call is processed or after it.
 */
export type Fault = StubAnswer | "drop-before" | "drop-after" | "wait" | undefined;

export interface MlflowStub {
  url: string;
  experiments: { id: string; name: string; stage: string }[];
  runs: StubRun[];
  files: Map<string, Buffer>;
  /** Calls in order, such as `POST runs/create`, without their query. */
  calls: string[];
  /** Authorization headers of the calls. */
  authorizations: Set<string | undefined>;
  /** Number of connections that the calls used. */
  connections: number;
  /**
   * Selects the fault of each call; undefined: none.
   * @param call as in {@link calls}
   * @param count of calls, this one included, from 1
   */
  fault: (call: string, count: number) => Fault;
  /** Artifact location that the server reports. */
  artifacts: string;
  longestParam: number;
  close: () => Promise<void>;
}

export async function startStub(): Promise<MlflowStub> {
  const server = createServer((request, response) => {
    void read(request).then((body) => {
      const url = new URL(request.url ?? "/", "http://stub");
      const path = url.pathname.replace(/^\/api\/2\.0\/(mlflow\/)?/, "");
      const call = `${request.method} ${path}`;
      stub.calls.push(call);
      stub.authorizations.add(request.headers.authorization);
      const fault = stub.fault(call, stub.calls.length);
      if (fault === "wait") return;
      if (fault === "drop-before") return request.socket.destroy();
      const answer = typeof fault === "object" ? fault : handle(stub, call, url.searchParams, body);
      if (fault === "drop-after") return request.socket.destroy();
      response.writeHead(answer.status, { "content-type": "application/json" });
      response.end(typeof answer.body === "string" ? answer.body : JSON.stringify(answer.body ?? {}));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const stub: MlflowStub = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    experiments: [],
    runs: [],
    files: new Map(),
    calls: [],
    authorizations: new Set(),
    connections: 0,
    fault: () => undefined,
    artifacts: "mlflow-artifacts:/",
    longestParam: 6000,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  server.on("connection", () => stub.connections++);
  return stub;
}

export function refusal(status: number, code: string, message: string): StubAnswer {
  return { status, body: { error_code: code, message } };
}

async function read(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function handle(stub: MlflowStub, call: string, query: URLSearchParams, body: Buffer): StubAnswer {
  if (call.startsWith("PUT mlflow-artifacts/artifacts/")) {
    stub.files.set(decodeURIComponent(call.slice("PUT mlflow-artifacts/artifacts/".length)), body);
    return { status: 200 };
  }
  // Exports send every other body as JSON.
  const json = (body.length === 0 ? {} : JSON.parse(body.toString())) as Record<string, never>;
  const run = stub.runs.find(({ id }) => id === (json["run_id"] ?? query.get("run_id")));
  switch (call) {
    case "GET experiments/get-by-name": {
      const found = stub.experiments.find(({ name }) => name === query.get("experiment_name"));
      if (!found) return refusal(404, "RESOURCE_DOES_NOT_EXIST", "No experiment");
      const { id, name, stage } = found;
      const experiment = {
        experiment_id: id,
        name,
        lifecycle_stage: stage,
        artifact_location: `${stub.artifacts}${id}`,
      };
      return { status: 200, body: { experiment } };
    }
    case "POST experiments/create": {
      const id = String(stub.experiments.length + 1);
      stub.experiments.push({ id, name: json["name"], stage: "active" });
      return { status: 200, body: { experiment_id: id } };
    }
    case "POST runs/search": {
      const identity = /= '(.*)'/.exec(json["filter"])?.[1];
      const tag = (each: StubRun): string | undefined => each.tags.get("ectopy.run");
      const runs = stub.runs.filter((each) =>
        identity === undefined ? tag(each) !== undefined : tag(each) === identity,
      );
      const from = Number(json["page_token"] ?? 0);
      const to = from + Number(json["max_results"]);
      const page = runs.slice(from, to).map((each) => described(stub, each));
      return { status: 200, body: { runs: page, ...(to < runs.length ? { next_page_token: String(to) } : {}) } };
    }
    case "POST runs/create": {
      const created: StubRun = {
        id: `run${stub.runs.length + 1}`,
        status: "RUNNING",
        endTime: null,
        tags: texts(json["tags"]),
        params: new Map(),
        points: [],
        datasets: [],
      };
      stub.runs.push(created);
      return { status: 200, body: { run: described(stub, created) } };
    }
  }
  if (!run) return refusal(404, "RESOURCE_DOES_NOT_EXIST", "No run");
  switch (call) {
    case "POST runs/log-batch": {
      const params = texts(json["params"]);
      for (const [key, value] of params) {
        if (value.length > stub.longestParam) return refusal(400, "INVALID_PARAMETER_VALUE", "Param value is too long");
        if ((run.params.get(key) ?? value) !== value)
          return refusal(400, "INVALID_PARAMETER_VALUE", "Changing is not allowed");
      }
      for (const [key, value] of params) run.params.set(key, value);
      for (const [key, value] of texts(json["tags"])) run.tags.set(key, value);
      run.points.push(...(json["metrics"] as Point[]));
      return { status: 200 };
    }
    case "POST runs/log-inputs":
      run.datasets.push(...(json["datasets"] as { dataset: { digest: string } }[]).map(({ dataset }) => dataset));
      return { status: 200 };
    case "POST runs/update":
      run.status = json["status"];
      run.endTime = json["end_time"];
      return { status: 200 };
    case "POST runs/set-tag":
      run.tags.set(json["key"], json["value"]);
      return { status: 200 };
    case "GET metrics/get-history": {
      const metrics = run.points.filter(({ key }) => key === query.get("metric_key"));
      // Numbers of 64 bits are sent as text, and zeros are omitted.
      return {
        status: 200,
        body: {
          metrics: metrics.map(({ step, ...point }) => ({ ...point, ...(step === 0 ? {} : { step: String(step) }) })),
        },
      };
    }
    case "GET artifacts/list": {
      const root = `1/${run.id}/artifacts/`;
      const files = [...stub.files].filter(([path]) => path.includes(root));
      const listed = files.map(([path, bytes]) => ({
        path: path.split(root)[1],
        is_dir: false,
        file_size: bytes.length,
      }));
      return { status: 200, body: { files: listed } };
    }
    default:
      return { status: 404, body: "<html>Not Found</html>" };
  }
}

function texts(list: unknown): Map<string, string> {
  return new Map((list as Text[]).map(({ key, value }) => [key, value]));
}

function described(stub: MlflowStub, run: StubRun): object {
  const list = (map: Map<string, string>): Text[] => [...map].map(([key, value]) => ({ key, value }));
  const latest = new Map(run.points.map((point) => [point.key, point]));
  return {
    info: { run_id: run.id, artifact_uri: `${stub.artifacts}1/${run.id}/artifacts` },
    data: { params: list(run.params), tags: list(run.tags), metrics: [...latest.values()] },
    inputs: { dataset_inputs: run.datasets.map((dataset) => ({ dataset })) },
  };
}
