/**
 * Certificates for test servers, made when they are needed: a separate authority and a server's certificate that
 * it signs. Node makes keys and signatures, but no certificates: their DER encoding (RFC 5280, X.690) is written here.
 */
import { generateKeyPairSync, sign, type KeyObject } from "node:crypto";

export interface TestCertificates {
  /** Certificate of the authority, in PEM format. */
  authority: string;
  /** Certificate and key of the server, in PEM format. */
  cert: string;
  key: string;
}

/** @param host name in the server's certificate */
export function makeCertificates(host: string): TestCertificates {
  const authority = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const server = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const ca = "Ectopy test authority";
  return {
    authority: certificate({
      issuer: ca,
      subject: ca,
      key: authority.publicKey,
      signer: authority.privateKey,
      // basicConstraints: a certificate authority
      extension: sequence(objectId(0x55, 0x1d, 0x13), tlv(0x01, [0xff]), octets(sequence(tlv(0x01, [0xff])))),
    }),
    cert: certificate({
      issuer: ca,
      subject: host,
      key: server.publicKey,
      signer: authority.privateKey,
      // subjectAltName: a DNS name
      extension: sequence(objectId(0x55, 0x1d, 0x11), octets(sequence(tlv(0x82, Buffer.from(host))))),
    }),
    key: server.privateKey.export({ type: "pkcs8", format: "pem" }) as string,
  };
}

interface Contents {
  issuer: string;
  subject: string;
  key: KeyObject;
  signer: KeyObject;
  extension: Buffer;
}

function certificate({ issuer, subject, key, signer, extension }: Contents): string {
  const algorithm = sequence(objectId(0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02)); // ecdsa-with-SHA256
  const body = sequence(
    tlv(0xa0, tlv(0x02, [2])), // version 3
    tlv(0x02, [1 + Math.floor(Math.random() * 127)]),
    algorithm,
    nameOf(issuer),
    sequence(tlv(0x17, Buffer.from("200101000000Z")), tlv(0x17, Buffer.from("491231235959Z"))),
    nameOf(subject),
    key.export({ type: "spki", format: "der" }),
    tlv(0xa3, sequence(extension)),
  );
  const signature = tlv(0x03, Buffer.concat([Buffer.from([0]), sign("sha256", body, signer)]));
  const base64 = sequence(body, algorithm, signature).toString("base64").replaceAll(/.{64}/g, "$&\n").trimEnd();
  return `-----BEGIN CERTIFICATE-----\n${base64}\n-----END CERTIFICATE-----\n`;
}

function nameOf(common: string): Buffer {
  return sequence(tlv(0x31, sequence(objectId(0x55, 0x04, 0x03), tlv(0x0c, Buffer.from(common)))));
}

function sequence(...parts: Uint8Array[]): Buffer {
  return tlv(0x30, Buffer.concat(parts));
}

function octets(content: Buffer): Buffer {
  return tlv(0x04, content);
}

function objectId(...bytes: number[]): Buffer {
  return tlv(0x06, bytes);
}

/** Encodes tag, length and value. */
function tlv(tag: number, value: Uint8Array | number[]): Buffer {
  const content = Buffer.from(value);
  const { length } = content;
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}
