/**
 * Recipe → images: `<repository>:<tag>` of AWS's Deep Learning Containers, or the full address of
 * an image in your own ECR repository,
 * `<account>.dkr.ecr.<region>.amazonaws.com/<repository>:<tag>`.
 */
export type RecipeImages = Readonly<
  Record<string, { readonly training: string; readonly inference: string }>
>;

/** AWS account of the Deep Learning Containers in the commercial Regions (SageMaker SDK). */
const REGISTRY_ACCOUNT = '763104351884';

const ecrAddress = /^(\d{12})\.dkr\.ecr\.([a-z0-9-]+)\.amazonaws\.com\/([^:@]+)/;

/**
 * Python 3.12 for training and serving. CUDA 12.9, because drivers for 13 are not confirmed on the
 * T4 of ml.g4dn. Serving uses CPU images: Serverless endpoints have no GPU.
 */
export const recipeImages: RecipeImages = {
  distilbert: {
    training: 'huggingface-pytorch-training:2.8.0-transformers4.56.2-gpu-py312-cu129-ubuntu22.04',
    inference: 'huggingface-pytorch-inference:2.6.0-transformers4.51.3-cpu-py312-ubuntu22.04',
  },
  tabular: {
    training: 'pytorch-training:2.8.0-cpu-py312-ubuntu22.04-sagemaker',
    inference: 'pytorch-inference:2.6.0-cpu-py312-ubuntu22.04-sagemaker',
  },
};

/** Recipe → full address of its image, for the environment of the functions. */
export function imageAddresses(
  images: RecipeImages,
  purpose: 'training' | 'inference',
  region: string,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(images).map(([recipe, image]) => [
      recipe,
      ecrAddress.test(image[purpose])
        ? image[purpose]
        : `${REGISTRY_ACCOUNT}.dkr.ecr.${region}.amazonaws.com/${image[purpose]}`,
    ]),
  );
}

/** The repositories among the images that are your own. */
export function ownRepositories(
  images: RecipeImages,
): readonly { account: string; region: string; repository: string }[] {
  const all = Object.values(images).flatMap(({ training, inference }) => [training, inference]);
  return [...new Set(all)].flatMap((image) => {
    const [, account, region, repository] = ecrAddress.exec(image) ?? [];
    if (account === undefined || region === undefined || repository === undefined) return [];
    return [{ account, region, repository }];
  });
}
