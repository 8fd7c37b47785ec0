package io.castore.cli.bench;

import java.util.OptionalDouble;

/**
 * What one operation used.
 *
 * @param wallSeconds from its begin to its end
 * @param clientCpu of the process that did it; {@link CpuByRole#NONE} where the system does not
 *     tell
 * @param clientPeakBytes the most memory of that process; 0 where it is not known
 * @param serviceCpu of the service meanwhile
 * @param servicePeakBytes the most memory of the service meanwhile
 * @param othersCores how many cores other processes kept busy meanwhile, on average
 */
record Used(
    double wallSeconds,
    CpuByRole clientCpu,
    long clientPeakBytes,
    CpuByRole serviceCpu,
    long servicePeakBytes,
    OptionalDouble othersCores) {

  /**
   * Makes figures of it.
   *
   * @param files how many it was about
   * @param bytes how many it was about
   */
  Figures figures(long files, long bytes) {
    Figures figures =
        new Figures().put("wall_seconds", wallSeconds).put("files", files).put("bytes", bytes);
    if (bytes > 0) {
      figures.put("mb_per_second", bytes / 1e6 / wallSeconds);
    }
    if (files > 0) {
      figures.put("files_per_second", files / wallSeconds);
    }
    CpuByRole cpu = clientCpu.plus(serviceCpu);
    if (!cpu.seconds().isEmpty()) {
      putCpu(figures, cpu, bytes / 1e9);
    }
    if (clientPeakBytes > 0) {
      figures.put("client_peak_bytes", clientPeakBytes);
    }
    if (servicePeakBytes > 0) {
      figures.put("service_peak_bytes", servicePeakBytes);
    }
    return figures.put("others_cores", othersCores);
  }

  private void putCpu(Figures figures, CpuByRole cpu, double gigabytes) {
    figures.put("cpu_seconds", cpu.total());
    if (gigabytes > 0) {
      figures.put("cpu_seconds_per_gb", cpu.total() / gigabytes);
    }
    figures.put("client_cpu_seconds", clientCpu.total());
    figures.put("service_cpu_seconds", serviceCpu.total());
    for (ThreadRole role : ThreadRole.values()) {
      figures.put(role.text() + "_cpu_seconds", cpu.of(role));
      if (gigabytes > 0) {
        figures.put(role.text() + "_cpu_seconds_per_gb", cpu.of(role) / gigabytes);
      }
    }
  }
}
