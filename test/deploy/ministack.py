"""Starts ministack on a free port of the loopback, with what its version 1.5.33 lacks for this test put right.

Patched by replacing functions, so that any ministack with these functions will do; one without them is refused.
A patch whose reason has gone in a later version can go as well.
"""

import json
import os
import signal
import socket
import sys
import threading
import time

del sys.path[0]  # this folder, where `ministack` would be this file

with socket.socket() as free:
    free.bind(("127.0.0.1", 0))
    os.environ["GATEWAY_PORT"] = str(free.getsockname()[1])
os.environ["BIND_HOST"] = "127.0.0.1"  # its default is every interface
os.environ["AUTH"] = "true"  # functions have the rights of their roles, not all rights

from ministack import app  # noqa: E402  (it reads the environment when it is imported)
from ministack.core import iam_actions, iam_evaluator  # noqa: E402
from ministack.services import cloudformation, eventbridge, scheduler  # noqa: E402
from ministack.services.cloudformation import handlers, stacks  # noqa: E402


def several_parameters_are_several_resources() -> None:
    """`ssm:GetParameters` is judged as a call on `*`, so that a role which may read three parameters could read none, and
    so is `ssm:GetParametersByPath`. As AWS does, they are judged on each parameter, or the path, that they name."""
    arn_of, enforce = iam_actions.extract_resource_arn, iam_evaluator.enforce

    def arns_of(service, method, path, headers, body, query, region, account):
        if service == "ssm" and headers.get("x-amz-target", "").endswith((".GetParameters", ".GetParametersByPath")):
            asked = json.loads(body)
            names = asked.get("Names") or [asked.get("Path", "")]
            return " ".join(f"arn:aws:ssm:{region}:{account}:parameter/{name.lstrip('/')}" for name in names)
        return arn_of(service, method, path, headers, body, query, region, account)

    def enforce_each(key, action, service, region, resource_arn="*", **rest):
        arns = resource_arn.split(" ") if action == "ssm:GetParameters" else [resource_arn]
        refusals = (enforce(key, action, service, region, resource_arn=arn, **rest) for arn in arns)
        return next((refusal for refusal in refusals if refusal), None)

    iam_actions.extract_resource_arn, iam_evaluator.enforce = arns_of, enforce_each


def the_loopback_counts_as_tls() -> None:
    """The bucket refuses what does not come over TLS, and a certificate for the loopback would need openssl."""
    pin = app.pin_request_origin
    app.pin_request_origin = lambda ip, _secure: pin(ip, True)


def an_export_in_use_stays_as_it_is() -> None:
    """An update may change or drop an export that another stack imports; CloudFormation rolls it back:
    https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-stack-exports.html
    What an update drops without anyone importing it is not dropped."""
    outputs_of = stacks._resolve_stack_outputs

    def outputs_and_exports(*args):
        name = args[-2]
        outputs, exports = outputs_of(*args)
        old = {one["ExportName"]: one["OutputValue"] for one in cloudformation._stacks[name].get("Outputs", [])
               if one.get("ExportName")}
        for export, value in old.items():
            if export in exports and exports[export]["Value"] == value:
                continue
            users = [other for other, stack in cloudformation._stacks.items()
                     if other != name and "DELETE" not in stack.get("StackStatus", "")
                     and export in handlers._imported_export_names(stack, other)]
            if users:
                verb = "update" if export in exports else "delete"
                raise ValueError(f"Cannot {verb} export {export} as it is in use by {' and '.join(users)}")
            cloudformation._exports.pop(export, None)
        return outputs, exports

    stacks._resolve_stack_outputs = outputs_and_exports


def schedules_run_twelve_times_as_fast() -> None:
    """The settings allow no schedule below five minutes, and a test cannot wait for them."""
    seconds_of = eventbridge._parse_rate_seconds

    def faster(expression):
        seconds = seconds_of(expression)
        return seconds and seconds / 12

    eventbridge._parse_rate_seconds = faster
    scheduler._SCHEDULE_TICK_INTERVAL = 1


def schedules_say_which_time_they_mean() -> None:
    """A keyword of EventBridge Scheduler's that ministack hands on as it is. As schedules run faster here, so does this time:
    https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-schedule-context-attributes.html"""
    invoke, seconds_of = eventbridge._invoke_target, eventbridge._parse_rate_seconds
    keyword, fired = "<aws.scheduler.scheduled-time>", {}

    def invoke_at(target, event, rule, *rest):
        if keyword in target.get("Input", ""):
            name = rule["Arn"]
            fired[name] = fired.get(name, 0) + 1
            at = rule["CreationDate"] + fired[name] * seconds_of(rule["ScheduleExpression"])
            meant = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(at))
            target = {**target, "Input": target["Input"].replace(keyword, meant)}
        return invoke(target, event, rule, *rest)

    eventbridge._invoke_target = invoke_at


def end_with_the_test() -> None:
    """Standard input is a pipe from the test; it closes however the test ends."""

    def wait() -> None:
        sys.stdin.read()
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=wait, daemon=True).start()


several_parameters_are_several_resources()
the_loopback_counts_as_tls()
an_export_in_use_stays_as_it_is()
schedules_say_which_time_they_mean()
schedules_run_twelve_times_as_fast()
end_with_the_test()
app.main()
