import Synchronization
import WSLimits

/// What all folders of a run share: how much its transcripts have taken of the disk, and when it began.
package final class RunLedger: Sendable {
    private struct Entries {
        /// What the transcripts of the run may still take.
        var room = Limits.transcripts.value
        /// How many cases have no transcript because there was no room.
        var omitted = 0
        /// When the run began, by the clock of the disk of each folder; of these nothing earlier is left.
        var begun: [String: Int64] = [:]
    }

    private let entries: Mutex<Entries>

    /// A ledger for a run that has not written anything.
    ///
    /// - Parameter room: how many octets its transcripts may take.
    package init(room: Int = Limits.transcripts.value) {
        entries = Mutex(Entries(room: room))
    }

    /// The ledger of this process, which is one run.
    package static let ofThisProcess = RunLedger()

    /// Takes room for octets, if there is so much.
    func take(_ count: Int) -> Bool {
        entries.withLock { entries in
            guard count <= entries.room else { return false }
            entries.room -= count
            return true
        }
    }

    /// Gives room back.
    func giveBack(_ count: Int) {
        entries.withLock { $0.room += count }
    }

    /// Notes that a case has no transcript for want of room.
    func omit() {
        entries.withLock { $0.omitted += 1 }
    }

    /// How many cases have no transcript because there was no room for it.
    package var omitted: Int { entries.withLock { $0.omitted } }

    /// Notes when the run began in a folder.
    func begin(_ folder: String, at moment: Int64) {
        entries.withLock { $0.begun[folder] = moment }
    }

    /// When the run began in a folder, told once.
    func endBeginning(_ folder: String) -> Int64? {
        entries.withLock { $0.begun.removeValue(forKey: folder) }
    }
}
