import ArgumentParser
import NIOCore
package import WSConform

extension SilenceLimit: ExpressibleByArgument {
    /// Reads `never`, or a number.
    package init?(argument: String) {
        self.init(argument)
    }

    /// As the help shows the default.
    package var defaultValueDescription: String { description }

    /// Refuses what is no time to wait.
    func validate() throws {
        guard !isValid else { return }
        throw ValidationError(
            "--timeout \(self) is out of range; give seconds, more than 0 and at most \(Self.most), or never"
        )
    }
}

/// How many conversations are held at a time where nobody says.
enum DefaultJobs {
    /// On few cores fewer, so that the target, which often shares them, answers in time.
    static let count = min(most, perCore * System.coreCount)

    private static let most = 16
    private static let perCore = 4
}
