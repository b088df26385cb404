package import WSTranscript

/// Watches over the process of a target that we started, and starts it again: the port behind `--supervise`.
///
/// Everything is asked of it; it never calls back.
package protocol TargetSupervisor: Sendable {
    /// Whether memory and processor time can be read on this system.
    var measuresUsage: Bool { get }

    /// How the process ended without our doing, and what a sanitizer said, since it was started.
    ///
    /// - Parameter limit: how long to wait for the system to say how it ended, once it is known to be gone.
    /// - Returns: nil while it runs and no sanitizer has spoken up.
    func incident(within limit: Duration) async -> TargetObservation?

    /// Ends the process if it still runs, starts it again, and waits until it accepts connections.
    ///
    /// - Returns: nil when it does; else one line that says why not.
    func restart() async -> String?

    /// Begins to measure memory and processor time.
    func beginObservation() async

    /// Ends what ``beginObservation()`` began.
    ///
    /// - Returns: what was measured, and the incident if there is one.
    func endObservation() async -> TargetObservation
}
