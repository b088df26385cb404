/// Receives the progress of a run, from any task; a console is a monitor.
package protocol RunMonitor: Sendable {
    /// This many cases will be played.
    func planned(_ count: Int)
    /// One more case was played, which has this id.
    func finished(_ id: String)
    /// No more cases will be played.
    func ended()
    /// A line for the user.
    func note(_ line: String)
}
