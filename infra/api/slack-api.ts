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
 * The only address on the Internet: `POST /slack/events` and nothing else.
 *
 * An HTTP API and not a Function URL, because it throttles before our function is invoked: a flood
 * of forged requests costs 1.00 USD a million and cannot use up the account's concurrency. A
 * Function URL has no limit but reserved concurrency, which new accounts (10 in all) cannot set.
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
      description: 'Where Slack sends commands, clicks and events of mlops-bot.',
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
          'Slack cannot sign for IAM or fetch tokens; it signs each request, and the function checks that first.',
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
        // No headers and no body: they hold signatures and what people wrote.
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
