import WSCatalogue
import WSProcess
import WSReport
import WSRunFolder
import WSRunner

/// Why cases could not be selected or played, in one line that names the culprit and the mend.
///
/// The lines are those of the command `wsconform`; where they name one of its options, the argument or property of the
/// same name is meant. What a peer does wrong is never an error but a ``ConformanceResult/Verdict``.
public struct ConformanceError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What went wrong.
    public enum Kind: Sendable, Hashable, CaseIterable {
        /// A pattern matches no case, or nothing is left of a selection.
        case selection
        /// The target is not valid: its address, a field of the handshake, a certificate, or its role.
        case target
        /// An option is out of its range.
        case options
        /// The target cannot be reached, or does not serve WebSocket connections there.
        case unreachable
        /// A file, a socket or a process of ours could not be opened.
        case system
        /// The task was cancelled before there was a result.
        case cancelled
    }

    /// What went wrong, for code that distinguishes errors.
    public let kind: Kind
    /// The line.
    public let description: String

    init(_ kind: Kind, _ description: String) {
        self.kind = kind
        self.description = description
    }

    /// Converts an error that ends a run before it begins.
    init(_ error: any Error) {
        switch error {
        case let error as ConformanceError: self = error
        case let error as TargetURLError: self.init(.target, error.description)
        case let error as RunTrouble: self.init(.target, error.description)
        case is CancellationError: self = .cancelled
        default: self.init(.system, "\(error)")
        }
    }

    static let cancelled = Self(.cancelled, "the task was cancelled before this case had a result")
}
