// The commits that pipelines are started for.
import { executable, repositoryFiles } from './repository.js';

const java = { 'images/java/install.sh': executable('#!/bin/sh\necho installed\n') };
const notebook = (text) => ({ 'images/notebook/app/main.py': `print("${text}")\n` });
const airflow = { 'images/airflow/dags/daily.py': 'print("daily")\n' };

/** `topic` leaves main at `fork`, after more commits than a runner fetches; `merged` is what GitLab makes of both. */
export const history = {
  first: { files: repositoryFiles() },
  ...Object.fromEntries(
    Array.from({ length: 25 }, (_, index) => [`main ${index}`, { files: notebook(index) }]),
  ),
  fork: { files: notebook('fork') },
  'topic 1': { files: java },
  topic: { files: airflow },
  'main later': { parents: ['fork'], files: { 'images/dbt/models/orders.sql': 'select 2\n' } },
  main: { files: { 'images/hive/bin/start.sh': '#!/bin/sh\nexec hive\n' } },
  merged: { parents: ['main', 'topic'], files: { ...java, ...airflow } },
  rewritten: { parents: ['fork'], files: airflow },
};
