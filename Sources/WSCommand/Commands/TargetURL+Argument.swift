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

/// The rules for `--supervise` and the command behind it.
enum Supervising {
    /// Checks that an option and its command belong together.
    static func check(_ supervise: Bool, _ command: [String], embedded: Bool) throws {
        switch (supervise, command.first) {
        case (true, nil): throw ValidationError("--supervise has no command; write it last: --supervise -- COMMAND")
        case (true, ""?): throw ValidationError("--supervise has an empty command; write a program behind --")
        case (false, let word?): throw ValidationError("'\(word)' behind -- is not run; add --supervise or drop it")
        case (true, _?) where embedded:
            throw ValidationError("--embedded starts no command; drop --supervise, or give the server's address")
        default: break
        }
    }
}
