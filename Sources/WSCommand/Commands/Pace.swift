import ArgumentParser
package import WSConform
import WSReport
import WSRunner
import WSScenario

extension SilenceLimit: ExpressibleByArgument {
    /// Parses `never` or a number.
    package init?(argument: String) {
        self.init(argument)
    }

    /// The default as the help shows it.
    package var defaultValueDescription: String { description }

    /// Refuses values that are not valid times.
    func validate() throws {
        guard !isValid else { return }
        throw ValidationError(
            "--timeout \(self) is out of range; give seconds, more than 0 and at most \(Self.most), or never"
        )
    }
}

extension Effort: ExpressibleByArgument {}
extension RunPlan.Application: ExpressibleByArgument {}
extension Profile: ExpressibleByArgument {}
extension CaseSelection.Compression: ExpressibleByArgument {}
