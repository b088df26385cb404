import ArgumentParser
import WSLink
import WSRunner
import WSTransport

extension TargetURL {
    /// Parses the address of a server under test, as the user wrote it.
    ///
    /// - Throws: `ValidationError` with one line.
    init(argument url: String) throws {
        guard !url.lowercased().hasSuffix(".json") || url.contains("://") else {
            throw ValidationError(
                "'\(url)' is a file; a spec of wstest is carried out by wsconform wstest -m fuzzingclient -s \(url)"
            )
        }
        do {
            self = try TargetURL(url)
        } catch {
            throw ValidationError(error.description)
        }
        if let problem = endpoint.problem {
            throw ValidationError("\(endpoint) cannot be connected to: \(problem)")
        }
    }
}
