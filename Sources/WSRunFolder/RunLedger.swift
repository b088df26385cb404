import Synchronization
import WSLimits

/// The state that all folders of a run share: the disk space used by transcripts, and when the run began.
package final class RunLedger: Sendable {
    private struct Entries {
        /// How many octets the transcripts may still use.
        var room = Limits.transcripts.value
        /// How many cases have no transcript because there was no room.
        var omitted = 0
        /// When the run began, by the clock of each folder's disk; files older than that are removed.
        var begun: [String: Int64] = [:]
        /// The folders that no other process may write a run into.
        var locks: [String: FolderLock] = [:]
    }

    private let entries: Mutex<Entries>

    /// Creates a ledger for a run that has written nothing.
    ///
    /// - Parameter room: How many octets the transcripts may use.
    package init(room: Int = Limits.transcripts.value) {
        entries = Mutex(Entries(room: room))
    }

    /// The ledger of this process, which has only one run.
    package static let ofThisProcess = RunLedger()

    /// Reserves room for octets; returns false if there is not enough.
    func take(_ count: Int) -> Bool {
        entries.withLock { entries in
            guard count <= entries.room else { return false }
            entries.room -= count
            return true
        }
    }

    /// Releases room.
    func giveBack(_ count: Int) {
        entries.withLock { $0.room += count }
    }

    /// How many octets the transcripts may still use.
    package var room: Int { entries.withLock { $0.room } }

    /// Sets the room to what it was before records were written that leave again.
    package func restore(room: Int) { entries.withLock { $0.room = room } }

    /// Counts a case without a transcript, for lack of room.
    func omit() {
        entries.withLock { $0.omitted += 1 }
    }

    /// The number of cases without a transcript, for lack of room.
    package var omitted: Int { entries.withLock { $0.omitted } }

    /// Keeps other processes from writing a run into a folder, until ``release(_:)`` or the end of this process.
    ///
    /// - Throws: ``FileError`` if another process has it.
    func hold(_ folder: String) throws(FileError) {
        guard !entries.withLock({ $0.locks[folder] != nil }) else { return }
        let lock = try FolderLock(folder)
        entries.withLock { $0.locks[folder] = lock }
    }

    /// Lets other processes write runs into a folder again.
    package func release(_ folder: String) {
        // The lock ends outside of our own, with its last reference.
        _ = entries.withLock { $0.locks.removeValue(forKey: folder) }
    }

    /// Notes when the run began in a folder.
    func begin(_ folder: String, at moment: Int64) {
        entries.withLock { $0.begun[folder] = moment }
    }

    /// When the run began in a folder; nil after the first call.
    func endBeginning(_ folder: String) -> Int64? {
        entries.withLock { $0.begun.removeValue(forKey: folder) }
    }
}
