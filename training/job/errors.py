"""The two ways in which a job ends early."""


class JobError(Exception):
    """A failure that the user can fix; its message says how and becomes the job's FailureReason."""


class InterruptedJob(Exception):  # noqa: N818 - not an error: the job resumes elsewhere
    """The job was asked to stop after saving a checkpoint; it publishes nothing."""
