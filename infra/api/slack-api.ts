import { RemovalPolicy } from 'aws-cdk-lib';
import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import {
  HttpApi,
  HttpMethod,
  HttpNoneAuthorizer,
  HttpStage,
  LogGroupLogDestination,
} from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { Stage } from '../config/stage.ts';
import type { LambdaFunction } from '../functions/lambda-function.ts';
import { acknowledge } from '../permissions/acknowledge.ts';

const PATH = '/slack/events';

/**
 * The only public address: `POST /slack/events` and nothing else.
 *
 * An HTTP API instead of a Function URL, because it throttles before it invokes the function: a
 * million forged requests cost 1.00 USD and cannot use up the account's concurrency. A Function URL
 * can only be limited by reserved concurrency, which new accounts (10 in total) cannot set.
 */
export class SlackApi extends Construct {
  readonly url: string;

  constructor(
    scope: Construct,
    id: string,
    { stage, handler }: { readonly stage: Stage; readonly handler: LambdaFunction },
  ) {
    super(scope, id);
    const api = new HttpApi(this, 'Api', {
      description: 'Receives commands, clicks and events of mlops-bot from Slack.',
      createDefaultStage: false,
    });
    const routes = api.addRoutes({
      path: PATH,
      methods: [HttpMethod.POST],
      integration: new HttpLambdaIntegration('Slack', handler.lambda),
      authorizer: new HttpNoneAuthorizer(),
    });
    for (const route of routes) {
      acknowledge(route, {
        'AwsSolutions-APIG4':
          'Slack cannot sign for IAM or fetch tokens. It signs every request, and the function verifies the signature first.',
      });
    }
    const logs = new LogGroup(this, 'AccessLogs', {
      retention: stage.logRetentionDays as RetentionDays,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const { ratePerSecond, burst } = stage.slackApi;
    new HttpStage(this, 'Stage', {
      httpApi: api,
      stageName: '$default',
      autoDeploy: true,
      detailedMetricsEnabled: false,
      throttle: { rateLimit: ratePerSecond, burstLimit: burst },
      accessLogSettings: {
        destination: new LogGroupLogDestination(logs),
        // No headers and no body: they contain signatures and messages.
        format: AccessLogFormat.custom(
          JSON.stringify({
            requestId: '$context.requestId',
            time: '$context.requestTime',
            ip: '$context.identity.sourceIp',
            method: '$context.httpMethod',
            path: '$context.path',
            status: '$context.status',
            milliseconds: '$context.responseLatency',
          }),
        ),
      },
    });
    this.url = `${api.apiEndpoint}${PATH}`;
  }
}
