package io.castore.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;
import javax.management.ObjectName;
import org.apache.kafka.common.utils.Utils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

final class EmbeddedBrokerTest {
  private static final int MIB = 1 << 20;
  private static final InetAddress LOOPBACK = address(1);

  @TempDir Path dataDir;

  @Test
  void shouldKeepRecordsWhenStartedAgainOnOtherPorts() throws Exception {
    List<byte[]> sent = TestTopic.smallRecords(300);
    int firstPort;
    try (EmbeddedBroker broker = start()) {
      firstPort = port(broker);
      TestTopic.create(broker.bootstrapServers(), MIB);
      TestTopic.send(broker.bootstrapServers(), sent);
      assertThat(TestTopic.read(broker.bootstrapServers())).containsExactlyElementsOf(sent);
    }
    try (ServerSocket taken = new ServerSocket(firstPort, 1, LOOPBACK);
        EmbeddedBroker broker = start()) {
      assertThat(port(broker)).isNotEqualTo(taken.getLocalPort());
      assertThat(TestTopic.read(broker.bootstrapServers())).containsExactlyElementsOf(sent);
      assertThat(broker.failure()).isEmpty();
    }
  }

  @Test
  void shouldPassRecordOfFiveMebibytesWhenTopicAllowsSix() throws Exception {
    byte[] large = new byte[5 * MIB];
    new Random(1).nextBytes(large);
    try (EmbeddedBroker broker = start()) {
      TestTopic.create(broker.bootstrapServers(), 6 * MIB);
      TestTopic.send(broker.bootstrapServers(), List.of(large));
      assertThat(TestTopic.read(broker.bootstrapServers())).containsExactly(large);
    }
  }

  @Test
  void shouldListenOnLoopbackOnly() throws Exception {
    try (EmbeddedBroker broker = start()) {
      assertThat(accepts(LOOPBACK, port(broker))).isTrue();
      for (InetAddress other : otherAddresses()) {
        assertThat(accepts(other, port(broker))).as(other.toString()).isFalse();
      }
    }
  }

  @Test
  void shouldLeaveNoThreadAndNoBeanBehindWhenClosed() throws Exception {
    start().close();
    Set<ObjectName> beans = kafkaBeans();
    start().close();
    assertThat(kafkaBeans()).isEqualTo(beans);
    await().untilAsserted(() -> assertThat(brokerThreads()).isEmpty());
  }

  @Test
  void shouldRefuseDirectoryWhenAnotherBrokerOfThisProcessUsesIt() throws Exception {
    try (EmbeddedBroker broker = start()) {
      assertThatThrownBy(this::start)
          .isInstanceOf(BrokerStartException.class)
          .hasMessageContaining("in use by another broker: " + dataDir);
      assertThat(broker.failure()).isEmpty();
    }
  }

  @Test
  void shouldRefuseDirectoryWhenItCannotBeMade() throws Exception {
    Path file = Files.createFile(dataDir.resolve("file"));
    assertThatThrownBy(() -> EmbeddedBroker.start(file, BrokerOptions.defaults()))
        .isInstanceOf(BrokerStartException.class)
        .hasMessageContaining("data directory cannot be used: " + file);
  }

  @Test
  void shouldRefuseDirectoryWhenKafkaWouldTakeItForTwo() {
    assertThatThrownBy(() -> EmbeddedBroker.start(dataDir.resolve("a,b"), BrokerOptions.defaults()))
        .isInstanceOf(BrokerStartException.class)
        .hasMessageContaining("a,b (expected: no comma");
  }

  @Test
  void shouldLeaveDirectoryToNextBrokerWhenStartTakesTooLong() throws Exception {
    BrokerOptions hasty = BrokerOptions.defaults().withStartTimeout(Duration.ofMillis(1));
    assertThatThrownBy(() -> EmbeddedBroker.start(dataDir, hasty))
        .isInstanceOf(BrokerStartException.class)
        .hasMessageContaining("not started after PT0.001S");
    start().close();
  }

  @Test
  void shouldRefuseToStartWhenDataAreDamagedAndStartWhenTheyAreNot() throws Exception {
    start().close();
    Path properties = dataDir.resolve("logs").resolve("meta.properties");
    byte[] intact = Files.readAllBytes(properties);
    Files.delete(properties);
    assertThatThrownBy(this::start)
        .isInstanceOf(BrokerStartException.class)
        .hasMessageContaining("broker did not start on data directory " + dataDir);
    Files.write(properties, intact);
    start().close();
  }

  @Test
  void shouldTellOfFatalFaultAndLetTheProcessLiveWhenDirectoryIsGone(
      @TempDir(cleanup = CleanupMode.NEVER) Path gone) throws Exception {
    ConcurrentLinkedQueue<String> told = new ConcurrentLinkedQueue<>();
    BrokerOptions options = BrokerOptions.defaults().withOnFatal(told::add);
    try (EmbeddedBroker broker = EmbeddedBroker.start(gone, options)) {
      Utils.delete(gone.toFile());
      // Never answered: the one broker that could hold the topic has nowhere to.
      Thread creation = createTopicInBackground(broker.bootstrapServers());
      await().until(() -> broker.failure().isPresent());
      await().until(() -> !told.isEmpty());
      assertThat(told).singleElement().asString().contains(broker.bootstrapServers() + " failed");
      creation.interrupt();
    }
    start().close();
  }

  private EmbeddedBroker start() throws BrokerStartException {
    return EmbeddedBroker.start(dataDir, BrokerOptions.defaults());
  }

  private static Thread createTopicInBackground(String bootstrapServers) {
    Thread thread =
        new Thread(
            () -> {
              try {
                TestTopic.create(bootstrapServers, MIB);
              } catch (Exception e) {
                // The test looks at the broker alone.
              }
            });
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  private static int port(EmbeddedBroker broker) {
    String address = broker.bootstrapServers();
    return Integer.parseInt(address.substring(address.indexOf(':') + 1));
  }

  private static boolean accepts(InetAddress address, int port) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(address, port), 500);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private static List<InetAddress> otherAddresses() throws Exception {
    List<InetAddress> addresses = new ArrayList<>();
    for (NetworkInterface each : Collections.list(NetworkInterface.getNetworkInterfaces())) {
      addresses.addAll(Collections.list(each.getInetAddresses()));
    }
    addresses.remove(LOOPBACK);
    // Of the same interface, and reached only by who binds the whole of it.
    addresses.add(address(2));
    return addresses;
  }

  private static InetAddress address(int last) {
    try {
      return InetAddress.getByAddress(new byte[] {127, 0, 0, (byte) last});
    } catch (UnknownHostException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Set<ObjectName> kafkaBeans() {
    return ManagementFactory.getPlatformMBeanServer().queryNames(null, null).stream()
        .filter(name -> name.getDomain().startsWith("kafka"))
        .collect(Collectors.toSet());
  }

  private static List<String> brokerThreads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getThreadGroup() instanceof BrokerThreads)
        .map(Thread::getName)
        // One for the JVM, of the metrics library, started by whoever comes first.
        .filter(name -> !name.startsWith("metrics-meter-tick-thread"))
        .toList();
  }
}
