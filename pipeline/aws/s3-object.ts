import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { GetObjectCommand, type GetObjectCommandInput, type S3Client } from '@aws-sdk/client-s3';

/** The bytes of an object as they arrive: archives are larger than the memory of a function. */
export async function openObject(
  client: S3Client,
  input: GetObjectCommandInput,
): Promise<Readable> {
  const { Body } = await client.send(new GetObjectCommand(input));
  if (!(Body instanceof Readable)) throw new Error('S3 returned no stream.');
  return Body;
}

/** SHA-256 (hexadecimal) and size of a stream, read to its end. */
export async function digestStream(
  stream: AsyncIterable<Uint8Array>,
): Promise<{ sha256: string; bytes: number }> {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const chunk of stream) {
    hash.update(chunk);
    bytes += chunk.length;
  }
  return { sha256: hash.digest('hex'), bytes };
}
