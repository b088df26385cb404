/// Is told how a run goes while it goes, from any task; a console is one.
package protocol RunMonitor: Sendable {
    /// So many cases are about to be played.
    func planned(_ count: Int)
    /// One case more has been played.
    func finished()
    /// All cases have been played that will be.
    func ended()
    /// Something that the user should know, in one line.
    func note(_ line: String)
}
