package org.bitquake.submit.clusters;

import java.util.List;
import org.bitquake.submit.Template;
import org.junit.jupiter.api.Test;

/** YARN's and Kubernetes' own keys in the templates, which the embedded Spark does not know. */
class ManagersTemplatesIT {
  @Test
  void yarnKnowsEveryKey() throws Exception {
    new Template("submit/cluster/yarn/spark.conf")
        .requireKnownKeys(
            List.of("org.apache.spark.deploy.yarn.config.package$"),
            List.of("spark.yarn.appMasterEnv."));
  }

  @Test
  void kubernetesKnowsEveryKey() throws Exception {
    new Template("submit/cluster/kubernetes/spark.conf")
        .requireKnownKeys(
            List.of("org.apache.spark.deploy.k8s.Config$"),
            List.of(
                "spark.kubernetes.driver.secrets.",
                "spark.kubernetes.executor.secrets.",
                "spark.kubernetes.driver.secretKeyRef.",
                "spark.kubernetes.executor.secretKeyRef."));
  }
}
