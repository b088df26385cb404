package import WSTranscript

/// Supervises the process of a target that we started, and restarts it: the port behind `--supervise`.
///
/// The run calls it; it never calls back.
package protocol TargetSupervisor: Sendable {
    /// Whether memory and processor time can be read on this system.
    var measuresUsage: Bool { get }

    /// How the process ended unexpectedly since its start, and what a sanitizer reported.
    ///
    /// - Parameter limit: How long to wait for the exit status of a process that is known to be gone.
    /// - Returns: Nil while the process runs and no sanitizer has reported anything.
    func incident(within limit: Duration) async -> TargetObservation?

    /// Ends the process if it still runs, starts it again, and waits until it accepts connections.
    ///
    /// - Returns: Nil on success, else one line with the reason.
    func restart() async -> String?

    /// Begins to measure memory and processor time.
    func beginObservation() async

    /// Ends the measurement that ``beginObservation()`` began.
    ///
    /// - Returns: What was measured, and the incident if there is one.
    func endObservation() async -> TargetObservation
}
