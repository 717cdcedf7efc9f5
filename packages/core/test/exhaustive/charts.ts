import { monitorChart } from './charts/monitor.ts';
import { notifierChart } from './charts/notifier.ts';
import { pingChart } from './charts/ping.ts';
import { serviceChart } from './charts/service.ts';
import { sessionChart } from './charts/session.ts';
import { supervisorChart } from './charts/supervisor.ts';

/** All charts of this package; made anew for each exploration, since inputs count. */
export const charts = () => [
  sessionChart(),
  notifierChart(),
  monitorChart(),
  serviceChart(),
  supervisorChart(),
  pingChart(),
];
