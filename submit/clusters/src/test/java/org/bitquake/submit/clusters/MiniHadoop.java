package org.bitquake.submit.clusters;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.hdfs.MiniDFSCluster;
import org.apache.hadoop.yarn.conf.YarnConfiguration;
import org.apache.hadoop.yarn.server.MiniYARNCluster;

/** HDFS and YARN with one node each, in this process. */
final class MiniHadoop implements AutoCloseable {
  private static final int MEGABYTES = 8192;
  private static final int CORES = 8;

  private final MiniDFSCluster hdfs;
  private final MiniYARNCluster yarn;
  private final Path conf;

  /** Starts them; all their files lie in {@code folder}. */
  MiniHadoop(Path folder) throws IOException {
    var settings = new YarnConfiguration();
    settings.setInt(YarnConfiguration.NM_PMEM_MB, MEGABYTES);
    settings.setInt(YarnConfiguration.RM_SCHEDULER_MAXIMUM_ALLOCATION_MB, MEGABYTES);
    settings.setInt(YarnConfiguration.RM_SCHEDULER_MINIMUM_ALLOCATION_MB, 256);
    settings.setInt(YarnConfiguration.NM_VCORES, CORES);
    settings.setBoolean(YarnConfiguration.NM_VMEM_CHECK_ENABLED, false);
    // A disk of a developer's machine may be fuller than a cluster's should.
    settings.setFloat(YarnConfiguration.NM_MAX_PER_DISK_UTILIZATION_PERCENTAGE, 100);
    settings.set("yarn.scheduler.capacity.root.queues", "default");
    settings.setInt("yarn.scheduler.capacity.root.default.capacity", 100);
    settings.set("yarn.scheduler.capacity.maximum-am-resource-percent", "1");
    hdfs = new MiniDFSCluster.Builder(settings, folder.resolve("hdfs").toFile()).build();
    hdfs.waitActive();
    yarn = new MiniYARNCluster("bitquake-yarn", 1, 1, 1);
    yarn.init(settings);
    yarn.start();
    conf = Files.createDirectory(folder.resolve("hadoop-conf"));
    var clients = new Configuration(yarn.getConfig());
    clients.unset("net.topology.node.switch.mapping.impl"); // a class of the mini-cluster's own
    // In each, or the defaults of the one read later would win.
    for (String site : List.of("core-site.xml", "hdfs-site.xml", "yarn-site.xml")) {
      try (OutputStream out = Files.newOutputStream(conf.resolve(site))) {
        clients.writeXml(out);
      }
    }
  }

  /** A folder for {@code HADOOP_CONF_DIR}. */
  Path conf() {
    return conf;
  }

  /** The distributed file system. */
  FileSystem files() throws IOException {
    return hdfs.getFileSystem();
  }

  /** Where the containers' logs lie. */
  Path logs() {
    var node = yarn.getNodeManager(0).getConfig();
    return Path.of(node.get(YarnConfiguration.NM_LOG_DIRS)).toAbsolutePath();
  }

  @Override
  public void close() {
    yarn.stop();
    hdfs.shutdown();
  }
}
