/** What is answered about place proof, as schemas: the OpenAPI page and the pages' types are made from them. */
import { z } from '@hono/zod-openapi';

const Words = z.object({ zh: z.string(), en: z.string() });
const Score = {
  score: z.number().int().min(0).max(100),
  band: z.enum(['strong', 'fair', 'weak']),
  reasons: z.array(
    Words.extend({
      code: z.string(),
      weight: z.number().openapi({ description: 'What it adds or takes' }),
      raise: Words.optional().openapi({ description: 'What would raise the score' }),
    }),
  ),
};

export const PlaceProofSchema = z
  .object({
    report: z.object(Score),
    photos: z.array(
      z.object({
        photo: z.uuid(),
        kind: z.string(),
        at: z.iso.datetime().openapi({ description: 'Of the move that carried it' }),
        distanceM: z
          .number()
          .int()
          .nullable()
          .openapi({ description: 'From the incident to where it was taken, less the accuracy of the report' }),
        ageMs: z.number().nullable().openapi({ description: 'Taken so long before; negative: after' }),
        ...Score,
      }),
    ),
  })
  .openapi('PlaceProof');
export type WirePlaceProof = z.infer<typeof PlaceProofSchema>;
