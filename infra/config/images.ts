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

/** Its images are in the registry of SageMaker's algorithms, which has an account for each Region. */
export const SCIKIT_LEARN = 'sagemaker-scikit-learn';
/** https://aws.github.io/deep-learning-containers/reference/region_availability, August 2026. */
const algorithmAccounts: Readonly<Record<string, string>> = {
  'ap-northeast-1': '354813040037',
  'ap-northeast-2': '366743142698',
  'ap-south-1': '720646828776',
  'ap-southeast-1': '121021644041',
  'ap-southeast-2': '783357654285',
  'ca-central-1': '341280168497',
  'eu-central-1': '492215442770',
  'eu-north-1': '662702820516',
  'eu-west-1': '141502667606',
  'eu-west-2': '764974769150',
  'eu-west-3': '659782779980',
  'sa-east-1': '737474898029',
  'us-east-1': '683313688378',
  'us-east-2': '257758044811',
  'us-west-1': '746614075791',
  'us-west-2': '246618743249',
};

const ecrAddress = /^(\d{12})\.dkr\.ecr\.([a-z0-9-]+)\.amazonaws\.com\/([^:@]+)/;

/**
 * Python 3.12 for training and serving. CUDA 12.9, because drivers for 13 are not confirmed on the
 * T4 of ml.g4dn. Serving uses CPU images: Serverless endpoints have no GPU. Scikit-learn 1.9 is patched
 * until July 2027. Images with PyTorch that can serve are still made for transformers alone; AWS ended
 * the patches of `pytorch-inference` in June 2026.
 */
export const recipeImages: RecipeImages = {
  distilbert: {
    training: 'huggingface-pytorch-training:2.8.0-transformers4.56.2-gpu-py312-cu129-ubuntu22.04',
    inference: 'huggingface-pytorch-inference:2.6.0-transformers5.5.3-cpu-py312-ubuntu22.04',
  },
  tfidf: {
    training: `${SCIKIT_LEARN}:1.9-0`,
    inference: `${SCIKIT_LEARN}:1.9-0`,
  },
  tabular: {
    training: `${SCIKIT_LEARN}:1.9-0`,
    inference: `${SCIKIT_LEARN}:1.9-0`,
  },
};

/**
 * Account of the registry that has a repository of AWS.
 * @throws {Error} for a Region that is not in the table.
 */
export function registryAccount(repository: string, region: string): string {
  if (!repository.startsWith(SCIKIT_LEARN)) return REGISTRY_ACCOUNT;
  const account = algorithmAccounts[region];
  if (account !== undefined) return account;
  throw new Error(
    `The account of the images “${SCIKIT_LEARN}” in ${region} is not known: add it in infra/config/images.ts.`,
  );
}

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
        : `${registryAccount(image[purpose], region)}.dkr.ecr.${region}.amazonaws.com/${image[purpose]}`,
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
