import CWSFuzz
import FuzzMutator
import WSFuzzing

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// The exit status of a run that ended because of an adapter's fault; the value of `EX_SOFTWARE`.
package let adapterFaultStatus: CInt = 70

private nonisolated(unsafe) var foreign: ForeignParser? = {
    // libFuzzer's reference to the mutator is weak, so without this call the linker would leave the mutator out.
    MutatorLink.keep()
    guard let table = unsafe wsconform_registered_parser()?.pointee else {
        endWithFault("wsconform_parser_under_test is missing, or returned null")
    }
    do throws(AdapterFault) {
        return try unsafe ForeignParser(table)
    } catch {
        endWithFault(error.description)
    }
}()

/// Called by libFuzzer with each input.
@c(LLVMFuzzerTestOneInput)
public func testOneInput(_ octets: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let buffer = unsafe UnsafeBufferPointer(start: octets, count: octets == nil ? 0 : count)
    guard var parser = unsafe foreign else { return 0 }
    switch ParserOracle.judge(&parser, unsafe Span(_unsafeElements: buffer)) {
    case .agrees: return 0
    case .adapterFault(let fault): endWithFault(fault)
    case .differs(let finding):
        say("FINDING: does not hold: \(finding)\n")
        abort()
    }
}

/// Ends the process at once, so that libFuzzer does not keep the input as a crash of the parser.
private func endWithFault(_ fault: String) -> Never {
    say("ADAPTER FAULT, nothing is said of the parser: \(fault)\n")
    _exit(adapterFaultStatus)
}

private func say(_ text: String) {
    let octets = Array(text.utf8)
    _ = unsafe octets.withUnsafeBytes { unsafe write(STDERR_FILENO, $0.baseAddress, $0.count) }
}
